import type { HookTool } from './hook-tool.ts';
import { refuseSurplus, type ToolFlag } from './tool-arguments.ts';
import { ToolFailure } from './tool-errors.ts';

const fileFlag: ToolFlag = {
  key: 'file',
  names: ['--file'],
  kind: 'text',
  help: 'file containing the specification; - is standard input',
  fallback: '-',
};

const resourcesFlag: ToolFlag = {
  key: 'k8s-resources',
  names: ['--k8s-resources'],
  kind: 'text',
  help: 'file containing k8s specific resources not yet modelled by Juju',
  fallback: '',
};

/** The tools of Kubernetes charms without sidecars. A model is one of machines: each refuses, and touches nothing. */
export const kubernetesTools: readonly HookTool[] = [
  refusingTool('k8s-spec-set', 'Set k8s spec information.', [fileFlag, resourcesFlag]),
  refusingTool('k8s-spec-get', 'Get k8s spec information.', []),
  refusingTool('k8s-raw-set', 'Set k8s raw spec information.', [fileFlag]),
  refusingTool('k8s-raw-get', 'Get k8s raw spec information.', []),
  refusingTool('pod-spec-set', 'Set k8s spec information. (deprecated)', [fileFlag, resourcesFlag]),
  refusingTool('pod-spec-get', 'Get k8s spec information. (deprecated)', []),
];

function refusingTool(name: string, summary: string, flags: readonly ToolFlag[]): HookTool {
  return {
    name,
    usage: '[options]',
    summary,
    flags: () => flags,
    run(call) {
      refuseSurplus(call.positionals);
      throw new ToolFailure(`cannot run ${name}: Kubernetes is not simulated; this is a model of machines`);
    },
  };
}
