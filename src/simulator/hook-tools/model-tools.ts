import { actionFail, actionGet, actionLog, actionSet } from './action-tools.ts';
import { configGet } from './config-tools.ts';
import { credentialGet } from './credential-tools.ts';
import { goalState } from './goal-state.ts';
import type { HookTool } from './hook-tool.ts';
import { kubernetesTools } from './kubernetes-tools.ts';
import { isLeader, leaderGet, leaderSet } from './leader-tools.ts';
import { jujuLog } from './log-tools.ts';
import { addMetric } from './metric-tools.ts';
import { networkGet, unitGet } from './network-tools.ts';
import { payloadRegister, payloadStatusSet, payloadUnregister } from './payload-tools.ts';
import { closePort, openedPorts, openPort } from './port-tools.ts';
import { jujuReboot } from './reboot-tools.ts';
import { relationGet } from './relation-get.ts';
import { relationIds, relationList, relationModelGet } from './relation-lists.ts';
import { relationSet } from './relation-set.ts';
import { resourceGet } from './resource-tools.ts';
import { secretGet, secretIds, secretInfoGet } from './secret-reading.ts';
import { secretGrant, secretRevoke } from './secret-sharing.ts';
import { secretAdd, secretRemove, secretSet } from './secret-writing.ts';
import { stateDelete, stateGet, stateSet } from './state-tools.ts';
import { applicationVersionSet, statusGet, statusSet } from './status-tools.ts';
import { storageAdd, storageGet, storageList } from './storage-tools.ts';

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
    storageAdd,
    storageGet,
    storageList,
    resourceGet,
    actionGet,
    actionSet,
    actionFail,
    actionLog,
    payloadRegister,
    payloadUnregister,
    payloadStatusSet,
    addMetric,
    credentialGet,
    jujuReboot,
    secretAdd,
    secretGet,
    secretSet,
    secretGrant,
    secretRevoke,
    secretRemove,
    secretIds,
    secretInfoGet,
    ...kubernetesTools,
  ].map((tool) => [tool.name, tool]),
);
