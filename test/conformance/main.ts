import { readCases } from './case-file.ts';
import { replayCase } from './replay.ts';

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error('usage: npm run -s conformance -- FILE.jsonl[.gz] …');
  process.exit(2);
}

let passed = 0;
let failed = 0;
for (const file of files) {
  for (const recorded of readCases(file)) {
    const failure = await replayCase(recorded);
    if (failure) {
      failed += 1;
      console.log(`${recorded.id}: ${failure.hook ? `hook ${failure.hook}: ` : ''}${failure.difference}`);
    } else {
      passed += 1;
    }
  }
}
console.log(`conformance: ${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
