import { describeSecretTools } from '../contracts/secret-tools.contract.ts';
import { makeToolsOnPath } from './fake-tools-folder.ts';
import { makeToolsInMemory } from './tools-in-memory.ts';

describeSecretTools('secrets in memory', makeToolsInMemory);
describeSecretTools('secrets as processes', makeToolsOnPath);
