import { afterAll, afterEach } from 'vitest';
import { forgetCodes } from '../pages.ts';
import { tidyUp } from '../processes.ts';
import { keepEvidence, takePictures } from './evidence.ts';

let hasFailed = false;

afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  hasFailed = true;
  await takePictures(task.file.filepath, task.name);
});

/** All run after each file's own afterAll, the last of them first. */
afterAll(tidyUp);
afterAll(forgetCodes);
// biome-ignore lint/correctness/noEmptyPattern: vitest takes no other name there
afterAll(async ({}, { file, result }) => {
  await keepEvidence(file.filepath, hasFailed || result?.state === 'fail');
});
