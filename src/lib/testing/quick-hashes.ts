import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Sets hashes of passwords and recovery codes to the least cost; set-up of each file that tests with a database. At the cost of the
 * service, an account takes a second of a processor, and each test's world has a dozen. The tests in `e2e` sign in to a server that hashes
 * at its own cost.
 */
const LEAST = { N: 2, r: 1, p: 1 };

const { scrypt } = crypto;
type Done = (error: Error | null, key: Buffer) => void;
type Text = string | NodeJS.ArrayBufferView;
const quickly = (text: Text, salt: Text, length: number, ...rest: [Done] | [object, Done]) =>
  scrypt(text, salt, length, LEAST, rest.at(-1) as Done);
crypto.scrypt = quickly as typeof scrypt;
syncBuiltinESMExports();
