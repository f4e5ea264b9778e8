import { MemoryTools } from '../../src/tools/memory-tools.ts';
import type { ToolsModel, ToolsUnderTest } from '../contracts/tools-under-test.ts';

/** The hook tools over a model in memory. */
export function makeToolsInMemory(model: ToolsModel): ToolsUnderTest {
  const { unit, isLeader, config, leaderSettings, address } = model;
  const relations = relationsOf(model);
  const tools = new MemoryTools({ unit, isLeader, config, leaderSettings, address, relations });
  const { storage, state, goal, resources, relationModels, unitStatuses, payloadClasses } = model;
  Object.assign(tools, { storage, state, goal, resources, relationModels, unitStatuses, payloadClasses });
  tools.credential = model.credential ?? undefined;
  tools.action = model.action ? { parameters: model.action, results: {}, log: [] } : undefined;
  tools.secrets = secretsOf(model);
  return {
    tools,
    commit: () => tools.commit(),
    rollback: () => tools.rollback(),
    told: () => tools,
    revise: (id, content) => {
      const secret = tools.secrets[`secret:${id}`];
      if (!secret) throw new Error(`there is no secret "${id}"`);
      const revisions = [...secret.revisions, content];
      tools.secrets = { ...tools.secrets, [`secret:${id}`]: { ...secret, revisions } };
    },
  };
}

function relationsOf({ unit, relations }: ToolsModel): MemoryTools['model']['relations'] {
  const own = unit.split('/')[0];
  const entries = Object.entries(relations).map(([id, { ownApplicationBag, ...relation }]) => {
    const bag = relation.application === own ? ownApplicationBag : relation.applicationBag;
    return [id, { ...relation, ...(bag ? { applicationBag: bag } : {}) }] as const;
  });
  return Object.fromEntries(entries);
}

function secretsOf({ secrets }: ToolsModel): MemoryTools['secrets'] {
  const entries = Object.entries(secrets).map(([id, { label, ...secret }]) => {
    return [`secret:${id}`, { ...secret, settings: label === undefined ? {} : { label } }] as const;
  });
  return Object.fromEntries(entries);
}
