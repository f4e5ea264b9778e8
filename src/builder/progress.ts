/** A step begun, or something that is no error and yet hardly meant. */
export interface BuildProgress {
  readonly kind: 'step' | 'warning';
  readonly message: string;
}

/** Who hears how a build goes on. */
export interface Progress {
  /** All warnings so far. */
  readonly warnings: readonly string[];
  step(message: string): void;
  warn(message: string): void;
}

/** Passes on what is told, and keeps the warnings. */
export function collectProgress(onProgress?: (progress: BuildProgress) => void): Progress {
  const warnings: string[] = [];
  return {
    warnings,
    step: (message) => onProgress?.({ kind: 'step', message }),
    warn: (message) => {
      warnings.push(message);
      onProgress?.({ kind: 'warning', message });
    },
  };
}
