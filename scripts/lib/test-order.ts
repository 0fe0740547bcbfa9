import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files that take longest, whatever their size says: every page looked at in a browser, outages that last as long as they last,
 * servers killed a hundred times, every route asked by everybody. When they start first, no processor is idle at the end.
 */
export const LONGEST: readonly string[] = [
  'e2e/accessibility.e2e.ts',
  'e2e/room-network.e2e.ts',
  'e2e/kills.e2e.ts',
  'e2e/refusals.e2e.ts',
  'e2e/documents.e2e.ts',
  'src/web/access.test.ts',
];

interface TestFile {
  /** The path of the file. */
  moduleId: string;
  project: { name: string };
}

/** Puts the longest files of each kind first; kinds and all other files keep their order. */
export function longestFirst<T extends TestFile>(files: readonly T[]): T[] {
  return [...Map.groupBy(files, ({ project }) => project.name).values()].flatMap((kind) => {
    const first = LONGEST.flatMap((path) =>
      kind.filter(({ moduleId }) => moduleId.endsWith(`/${path}`)),
    );
    return [...first, ...kind.filter((each) => !first.includes(each))];
  });
}

/** The order of test files: kind by kind, the longest first, then as vitest has them: what took long the last time, or is large. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return longestFirst(await super.sort(files));
  }
}
