import { configGet } from './config-tools.ts';
import { goalState } from './goal-state.ts';
import type { HookTool } from './hook-tool.ts';
import { isLeader, leaderGet, leaderSet } from './leader-tools.ts';
import { jujuLog } from './log-tools.ts';
import { networkGet, unitGet } from './network-tools.ts';
import { closePort, openedPorts, openPort } from './port-tools.ts';
import { relationGet } from './relation-get.ts';
import { relationIds, relationList, relationModelGet } from './relation-lists.ts';
import { relationSet } from './relation-set.ts';
import { stateDelete, stateGet, stateSet } from './state-tools.ts';
import { applicationVersionSet, statusGet, statusSet } from './status-tools.ts';

/** The hook tools that a model serves, by name. */
export const MODEL_TOOLS: ReadonlyMap<string, HookTool> = new Map(
  [
    relationGet,
    relationSet,
    relationIds,
    relationList,
    relationModelGet,
    configGet,
    statusSet,
    statusGet,
    applicationVersionSet,
    isLeader,
    leaderGet,
    leaderSet,
    unitGet,
    networkGet,
    openPort,
    closePort,
    openedPorts,
    jujuLog,
    goalState,
    stateGet,
    stateSet,
    stateDelete,
  ].map((tool) => [tool.name, tool]),
);

/** Tools that Juju has and a model does not serve yet: they are on PATH, and say so. */
export const UNSERVED_TOOLS: readonly string[] = [
  ...['juju-reboot', 'credential-get', 'resource-get', 'add-metric'],
  ...['storage-add', 'storage-get', 'storage-list'],
  ...['secret-add', 'secret-get', 'secret-set', 'secret-grant', 'secret-revoke', 'secret-remove'],
  ...['secret-ids', 'secret-info-get'],
  ...['payload-register', 'payload-unregister', 'payload-status-set'],
  ...['action-get', 'action-set', 'action-fail', 'action-log'],
  ...['k8s-spec-set', 'k8s-spec-get', 'k8s-raw-set', 'k8s-raw-get', 'pod-spec-set', 'pod-spec-get'],
];
