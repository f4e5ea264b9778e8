import type { KubernetesTools } from './kubernetes-tools.ts';
import { NOT_THE_LEADER, own, refuse } from './memory-refusal.ts';
import { MemorySecrets } from './memory-secrets.ts';
import { type MetricTools, metricArguments } from './metric-tools.ts';
import type { PayloadReference, PayloadStatus, PayloadTools } from './payload-tools.ts';

const PAYLOAD_STATUSES = ['running', 'starting', 'stopped', 'stopping'];

/** The hook tools that Juju 4 no longer has (payloads, metrics, Kubernetes without sidecars) over a model in memory. */
export abstract class MemoryWorkloadTools
  extends MemorySecrets
  implements PayloadTools, MetricTools, KubernetesTools
{
  /** What was measured, call by call. */
  metrics: readonly {
    readonly values: Readonly<Record<string, string>>;
    readonly labels: Readonly<Record<string, string>>;
  }[] = [];
  /** The classes of payloads, to their types, as metadata.yaml has them; undefined where any will do. */
  payloadClasses: Readonly<Record<string, string>> | undefined;
  /** Payload statuses, by `class/id`. */
  payloads: Readonly<Record<string, PayloadStatus>> = {};
  kubernetesSpec = '';
  kubernetesRawSpec = '';
  #pendingSpec: { readonly spec?: string; readonly rawSpec?: string } = {};

  /** Ends a hook that succeeded. */
  protected commitWorkload(): void {
    this.commitSecrets();
    this.kubernetesSpec = this.#pendingSpec.spec ?? this.kubernetesSpec;
    this.kubernetesRawSpec = this.#pendingSpec.rawSpec ?? this.kubernetesRawSpec;
    this.rollbackWorkload();
  }

  /** Ends a hook that failed. */
  protected rollbackWorkload(): void {
    this.rollbackSecrets();
    this.#pendingSpec = {};
  }

  addMetric(
    metrics: Readonly<Record<string, string | number>>,
    labels: Readonly<Record<string, string>> = {},
  ): void {
    metricArguments(metrics, labels);
    const values = Object.entries(metrics).map(([key, value]) => [key, String(value)]);
    if (values.length === 0) refuse(['add-metric'], 'no metrics specified', 2);
    this.metrics = [...this.metrics, { values: Object.fromEntries(values), labels: { ...labels } }];
  }

  payloadRegister({ type, class: payloadClass, id }: PayloadReference & { readonly type: string }): void {
    const expected = this.payloadClasses ? own(this.payloadClasses, payloadClass) : type;
    if (expected === undefined)
      refuse(['payload-register'], `payload "${payloadClass}" not found in metadata.yaml`);
    if (expected !== type) {
      const why = `incorrect type "${type}" for payload "${payloadClass}", expected "${expected}"`;
      refuse(['payload-register'], why);
    }
    this.payloads = { ...this.payloads, [`${payloadClass}/${id}`]: 'running' };
  }

  payloadUnregister(payloadClass: string, id: string): void {
    const { [`${payloadClass}/${id}`]: _, ...rest } = this.payloads;
    this.payloads = rest;
  }

  payloadStatusSet({ class: payloadClass, id }: PayloadReference, status: PayloadStatus): void {
    const name = `${payloadClass}/${id}`;
    if (!PAYLOAD_STATUSES.includes(status)) {
      const expected = JSON.stringify(PAYLOAD_STATUSES).replaceAll(',', ', ');
      refuse(['payload-status-set'], `status "${status}" not supported; expected one of ${expected}`);
    }
    if (!Object.hasOwn(this.payloads, name)) refuse(['payload-status-set'], `payload "${name}" not found`);
    this.payloads = { ...this.payloads, [name]: status };
  }

  k8sSpecSet(specification: string, { resources = '' }: { readonly resources?: string } = {}): void {
    this.#checkSpec('k8s-spec-set', specification);
    this.#pendingSpec = { ...this.#pendingSpec, spec: specification + resources };
  }

  k8sSpecGet(): string {
    return this.kubernetesSpec;
  }

  k8sRawSet(specification: string): void {
    this.#checkSpec('k8s-raw-set', specification);
    this.#pendingSpec = { ...this.#pendingSpec, rawSpec: specification };
  }

  k8sRawGet(): string {
    return this.kubernetesRawSpec;
  }

  #checkSpec(tool: string, specification: string): void {
    if (specification === '')
      refuse([tool], 'no k8s spec specified: pipe k8s spec to command, or specify a file with --file');
    if (!this.isLeader()) refuse([tool], NOT_THE_LEADER);
  }
}
