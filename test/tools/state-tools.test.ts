import { describeActionTools } from '../contracts/action-tools.contract.ts';
import { describeStateTools } from '../contracts/state-tools.contract.ts';
import { makeToolsOnPath } from './fake-tools-folder.ts';
import { makeToolsInMemory } from './tools-in-memory.ts';

describeStateTools('state and storage in memory', makeToolsInMemory);
describeStateTools('state and storage as processes', makeToolsOnPath);
describeActionTools('an action in memory', makeToolsInMemory);
describeActionTools('an action as processes', makeToolsOnPath);
