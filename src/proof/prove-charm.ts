import type { CharmCheck, CharmView } from './charm-view.ts';
import { checkActions } from './checks/action-checks.ts';
import { checkConfig } from './checks/config-checks.ts';
import { checkDataFiles } from './checks/data-file-checks.ts';
import {
  checkDeployment,
  checkDevices,
  checkExtraBindings,
  checkMinimumVersion,
  checkPayloads,
  checkResources,
  checkSeries,
  checkStorage,
  checkTerms,
} from './checks/declaration-checks.ts';
import {
  checkCopyright,
  checkGeneratedTest,
  checkIcon,
  checkReadme,
  checkRevisionFile,
} from './checks/file-checks.ts';
import { checkCommonHooks, checkHooksFolder } from './checks/hook-checks.ts';
import { checkJujuRules } from './checks/juju-checks.ts';
import {
  checkDisplayName,
  checkKeys,
  checkMaintainers,
  checkName,
  checkRevisionKey,
  checkSummary,
  checkTags,
} from './checks/metadata-checks.ts';
import { checkRelations, checkSubordinate } from './checks/relation-checks.ts';
import type { Finding } from './finding.ts';

/** The reference's checks, in its order. */
const REFERENCE_CHECKS: readonly CharmCheck[] = [
  checkKeys,
  checkName,
  checkSummary,
  checkDisplayName,
  checkMaintainers,
  checkTags,
  checkStorage,
  checkDevices,
  checkSeries,
  checkMinimumVersion,
  checkExtraBindings,
  checkPayloads,
  checkTerms,
  checkResources,
  checkDeployment,
  checkIcon,
  checkHooksFolder,
  checkCopyright,
  checkReadme,
  checkSubordinate,
  checkRelations,
  checkRevisionKey,
  checkCommonHooks,
  checkActions,
  checkGeneratedTest,
  checkRevisionFile,
  checkConfig,
];

/** What is wrong wherever it is. */
const LAYER_CHECKS: readonly CharmCheck[] = [
  checkStorage,
  checkDevices,
  checkMinimumVersion,
  checkExtraBindings,
  checkPayloads,
  checkTerms,
  checkResources,
  checkActions,
  checkGeneratedTest,
];

/**
 * What is wrong with a charm's metadata and files: what the reference finds, in its words and order, then what it does not
 * look for. Never throws, whatever is in them.
 */
export function proveCharm(charm: CharmView): readonly Finding[] {
  const found = REFERENCE_CHECKS.flatMap((check) => check(charm));
  const others = [checkDataFiles, checkJujuRules].flatMap((check) => check(charm));
  return [...found, ...others.filter((finding) => !isTold(finding, found))];
}

/** The same for a layer that others build on: what only a whole charm has need not be there. */
export function proveLayer(charm: CharmView): readonly Finding[] {
  const checks = charm.files.has('config.yaml') ? [...LAYER_CHECKS, checkConfig] : LAYER_CHECKS;
  return [...checks, checkDataFiles].flatMap((check) => check(charm));
}

/** Whether an error of the reference's is about the same. */
function isTold({ file, key = '' }: Finding, found: readonly Finding[]): boolean {
  return found.some(
    (one) =>
      one.level === 'E' &&
      one.file === file &&
      (one.text.startsWith('FATAL') ||
        one.key === undefined ||
        one.key === key ||
        key.startsWith(`${one.key}.`) ||
        (key !== '' && one.key.startsWith(`${key}.`)) ||
        key.split('.').includes(one.key)),
  );
}
