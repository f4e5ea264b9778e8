import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** Runs the demo as a user does; `environment` over this process's own. Hooks get its PATH. */
export function runDemo(
  environment: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const demo = spawn(process.execPath, [MAIN, 'demo'], { env: { ...process.env, ...environment } });
    let output = '';
    for (const stream of [demo.stdout, demo.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    demo.on('error', reject).on('close', (code) => resolve({ code, output }));
  });
}
