import type { Model } from '../model.ts';
import type { Step } from './scenario-step.ts';

/** Does what a step says to a model; `settle` is not for this. Throws, and changes nothing, where Juju refuses it. */
export async function applyStep(model: Model, step: Exclude<Step, { kind: 'settle' }>): Promise<void> {
  switch (step.kind) {
    case 'deploy':
      await model.deploy(step.folder, step.options);
      return;
    case 'refresh':
      await model.refresh(step.application, step.folder);
      return;
    case 'integrate':
      model.integrate(...step.endpoints);
      return;
    case 'remove-relation':
      model.removeRelation(...step.endpoints);
      return;
    case 'config':
      model.setConfig(step.application, step.settings);
      return;
    case 'add-unit':
      model.addUnit(step.application, step.count);
      return;
    case 'remove-unit':
      model.removeUnit(step.unit);
      return;
    case 'elect':
      model.elect(step.unit);
      return;
    case 'run':
      // JSON is YAML, which is what a file of parameters is.
      await model.enqueueAction([step.unit], step.action, { file: JSON.stringify(step.params) });
      return;
    case 'fire':
      model.fire(step.unit, step.hook);
  }
}
