import { outsideFolder } from './folder.ts';
import { payment } from './payment.ts';
import { townRegistry } from './registry.ts';
import { signature } from './signature.ts';

/** The other people's systems of a town, besides those that identify. */
export const townConnectors = {
  folder: outsideFolder.exactOptional(),
  payment: payment.exactOptional(),
  signature: signature.exactOptional(),
  registry: townRegistry.exactOptional(),
};
