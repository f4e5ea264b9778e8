import { describeHookTools } from '../contracts/hook-tools.contract.ts';
import { makeToolsOnPath } from './fake-tools-folder.ts';
import { makeToolsInMemory } from './tools-in-memory.ts';

describeHookTools('hook tools in memory', makeToolsInMemory);
describeHookTools('hook tools as processes', makeToolsOnPath);
