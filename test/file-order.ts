import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The order in which files are run. Whole stories of charms take longest and are told in short files: they begin, so that
 * no worker is left alone with one at the end. All else is as vitest has it.
 */
export class FileOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isStory = ({ moduleId }: TestSpecification): boolean => moduleId.includes('/test/e2e/');
    return [...sorted.filter(isStory), ...sorted.filter((file) => !isStory(file))];
  }
}
