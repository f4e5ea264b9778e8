import type { RunTool } from './run-tool.ts';

/** A payload that the charm runs, by what metadata.yaml calls its class, and an id of the charm's choice. */
export interface PayloadReference {
  readonly class: string;
  readonly id: string;
}

/** What may be said of a payload. */
export type PayloadStatus = 'starting' | 'running' | 'stopping' | 'stopped';

/** The hook tools about payloads (until Juju 3.6): what is told is told at once, and kept when the hook fails. */
export interface PayloadTools {
  /** `payload-register TYPE CLASS ID TAG…`, as running. Type and class are those of metadata.yaml. */
  payloadRegister(
    payload: PayloadReference & { readonly type: string; readonly tags?: readonly string[] },
  ): void;
  /** `payload-unregister CLASS ID`. */
  payloadUnregister(payloadClass: string, id: string): void;
  /** `payload-status-set CLASS ID STATUS`. Throws where none was registered by that id. */
  payloadStatusSet(payload: PayloadReference, status: PayloadStatus): void;
}

/** payload-register, payload-unregister and payload-status-set as processes. */
export function makePayloadTools(run: RunTool): PayloadTools {
  return {
    payloadRegister: ({ type, class: payloadClass, id, tags = [] }) => {
      run(['payload-register', '--', type, payloadClass, id, ...tags]);
    },
    payloadUnregister: (payloadClass, id) => {
      run(['payload-unregister', '--', payloadClass, id]);
    },
    payloadStatusSet: ({ class: payloadClass, id }, status) => {
      run(['payload-status-set', '--', payloadClass, id, status]);
    },
  };
}
