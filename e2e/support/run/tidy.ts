import { afterAll, afterEach, type RunnerTask } from 'vitest';
import { forgetCodes } from '../pages.ts';
import { tidyUp } from '../processes.ts';
import { keepEvidence, takePictures } from './evidence.ts';

afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  await takePictures(task.file.filepath, task.name);
});

/** All run after each file's own afterAll, the last of them first. */
afterAll(tidyUp);
afterAll(forgetCodes);
// biome-ignore lint/correctness/noEmptyPattern: vitest takes no other name there
afterAll(async ({}, { file }) => {
  await keepEvidence(file.filepath, hasFailed(file)).catch(console.warn);
});

/** Returns whether a test failed, or what is around it. */
function hasFailed(task: RunnerTask): boolean {
  const within = 'tasks' in task ? task.tasks : [];
  return task.result?.state === 'fail' || within.some(hasFailed);
}
