// @ts-check
/** `npm run setup`: installs and builds what `npm start` needs, and starts nothing: for images, and where a service may not write. */
import { main } from './lib/basics.mjs';
import { ensureBuild, ensureDependencies } from './lib/setup.mjs';

await main(async () => {
  await ensureBuild(await ensureDependencies('run'));
  return 0;
});
