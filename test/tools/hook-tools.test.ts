import { MemoryTools } from '../../src/tools/memory-tools.ts';
import { describeHookTools, type ToolsModel, type ToolsUnderTest } from '../contracts/hook-tools.contract.ts';
import { makeToolsOnPath } from './fake-tools-folder.ts';

describeHookTools('hook tools in memory', makeMemoryTools);
describeHookTools('hook tools as processes', makeToolsOnPath);

function makeMemoryTools({ relations, ...model }: ToolsModel): ToolsUnderTest {
  const own = model.unit.split('/')[0];
  const entries = Object.entries(relations).map(([id, { ownApplicationBag, ...relation }]) => {
    const bag = relation.application === own ? ownApplicationBag : relation.applicationBag;
    return [id, { ...relation, ...(bag ? { applicationBag: bag } : {}) }] as const;
  });
  const tools = new MemoryTools({ ...model, relations: Object.fromEntries(entries) });
  return {
    tools,
    commit: () => tools.commit(),
    rollback: () => tools.rollback(),
    told: () => tools,
  };
}
