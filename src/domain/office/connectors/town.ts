import { outsideFolder } from './folder.ts';
import { townNotifications } from './notification.ts';
import { payment } from './payment.ts';
import { townRegistry } from './registry.ts';
import { townResidents } from './residents.ts';
import { autofirma, signature } from './signature.ts';

/** The other people's systems of a town, besides those that identify. */
export const townConnectors = {
  folder: outsideFolder.exactOptional(),
  payment: payment.exactOptional(),
  signature: signature.exactOptional(),
  autofirma: autofirma.exactOptional(),
  registry: townRegistry.exactOptional(),
  residents: townResidents.exactOptional(),
  notifications: townNotifications.exactOptional(),
};
