import { ModelUnits } from './model-units.ts';
import { addSecret, grantSecret, removeSecret, revokeSecret, updateSecret } from './operator/secrets.ts';
import { addStorage, attachStorage, detachStorage, removeStorage } from './operator/storage.ts';

/** What an operator does with what applications and units have: storage and secrets. */
export abstract class ModelBelongings extends ModelUnits {
  /** Adds storage to a unit, and answers the ids of the instances. */
  addStorage(name: string, storage: string, count = 1): string[] {
    const unit = this.findUnit(name);
    const application = this.findApplication(unit.application);
    const ids = addStorage(this.state, { unit, application, name: storage, count });
    this.changed();
    return ids;
  }

  /** Gives storage that was detached to a unit. */
  attachStorage(unit: string, ...ids: readonly string[]): void {
    for (const id of ids) attachStorage(this.state, this.findUnit(unit), id);
    this.changed();
  }

  /** Takes storage away from its unit, which runs storage-detaching; it stays in the model. */
  detachStorage(...ids: string[]): void {
    for (const id of ids) detachStorage(this.state, id);
    this.changed();
  }

  /** Removes storage that no unit has. */
  removeStorage(...ids: string[]): void {
    for (const id of ids) removeStorage(this.state, id);
    this.changed();
  }

  /** Makes a secret of the operator's, and answers `secret:<id>`. A key that ends in `#base64` has its value in base64. */
  addSecret(
    name: string,
    values: Readonly<Record<string, string>>,
    options: { readonly description?: string } = {},
  ): string {
    const uri = addSecret(this.state, name, values, options);
    this.changed();
    return uri;
  }

  /** Changes a secret of the operator's; other content makes a revision of it. */
  updateSecret(secret: string, change: Parameters<typeof updateSecret>[2]): void {
    updateSecret(this.state, secret, change);
    this.changed();
  }

  /** Removes a secret of the operator's, or one revision of it. */
  removeSecret(secret: string, revision?: number): void {
    removeSecret(this.state, secret, revision);
    this.changed();
  }

  /** Lets applications read a secret of the operator's. Those that are there may, even where one is not and this throws. */
  grantSecret(secret: string, ...applications: readonly string[]): void {
    try {
      grantSecret(this.state, secret, applications);
    } finally {
      this.changed();
    }
  }

  /** Takes back `grantSecret`. */
  revokeSecret(secret: string, ...applications: readonly string[]): void {
    try {
      revokeSecret(this.state, secret, applications);
    } finally {
      this.changed();
    }
  }
}
