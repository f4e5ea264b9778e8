import { withPrivateFiles } from './private-files.ts';
import type { RunTool } from './run-tool.ts';

/**
 * The hook tools of Kubernetes charms without sidecars (until Juju 3.6). Specifications are YAML or JSON text, for all
 * units of the application: its leader sets them, buffered until the hook succeeds, and who asks is told what is stored.
 */
export interface KubernetesTools {
  /** `k8s-spec-set` (once `pod-spec-set`), with `resources` the resources that Juju has no model of. */
  k8sSpecSet(specification: string, options?: { readonly resources?: string }): void;
  /** `k8s-spec-get` (once `pod-spec-get`); empty when there is none. */
  k8sSpecGet(): string;
  /** `k8s-raw-set`: a specification that goes to Kubernetes as it is. */
  k8sRawSet(specification: string): void;
  /** `k8s-raw-get`; empty when there is none. */
  k8sRawGet(): string;
}

/** k8s-spec-set, k8s-spec-get, k8s-raw-set and k8s-raw-get as processes. */
export function makeKubernetesTools(run: RunTool): KubernetesTools {
  return {
    k8sSpecSet: (specification, { resources } = {}) => {
      withPrivateFiles(resources === undefined ? [] : [resources], (files) => {
        const flags = files.flatMap((file) => ['--k8s-resources', file]);
        run(['k8s-spec-set', '--file', '-', ...flags], specification);
      });
    },
    k8sSpecGet: () => run(['k8s-spec-get']),
    k8sRawSet: (specification) => {
      run(['k8s-raw-set', '--file', '-'], specification);
    },
    k8sRawGet: () => run(['k8s-raw-get']),
  };
}
