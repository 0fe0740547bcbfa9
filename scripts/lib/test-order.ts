import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files that take longest, independently of their size: all pages in a browser, outages with real durations, a screen reader that speaks, calls, many killed
 * servers, every route as every viewer. When they start first, no processor is idle at the end. Two that mostly wait begin beside the one that never does.
 */
export const LONGEST: readonly string[] = [
  'e2e/accessibility.e2e.ts',
  'e2e/browsers/orca.e2e.ts',
  'e2e/room-network.e2e.ts',
  'e2e/browsers/orca-room.e2e.ts',
  'e2e/killed.e2e.ts',
  'e2e/attending.e2e.ts',
  'e2e/patroni.e2e.ts',
  'e2e/story.e2e.ts',
  'e2e/room-four.e2e.ts',
  'e2e/upgrade.e2e.ts',
  'e2e/outages.e2e.ts',
  'e2e/documents.e2e.ts',
  'e2e/failover.e2e.ts',
  'e2e/refusals.e2e.ts',
  'e2e/kills.e2e.ts',
  'src/web/access.test.ts',
  'src/web/recorded.test.ts',
  'src/worker.test.ts',
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

/**
 * The order of test files: by kind, the longest first, then vitest's order: the slow ones of the last
 * run, or the large ones.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return longestFirst(await super.sort(files));
  }
}
