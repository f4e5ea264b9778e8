import { describeModelTools } from '../contracts/model-tools.contract.ts';
import { makeToolsOnPath } from './fake-tools-folder.ts';
import { makeToolsInMemory } from './tools-in-memory.ts';

describeModelTools('the model in memory', makeToolsInMemory);
describeModelTools('the model as processes', makeToolsOnPath);
