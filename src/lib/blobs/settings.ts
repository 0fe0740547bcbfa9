import { addressWith, Mistake, type Parse, type reader } from '../environment.ts';

/** A bucket, and the access to it. */
export interface S3Settings {
  /** The address of a store in the town's network or of another provider; null: Amazon's own. */
  endpoint: string | null;
  region: string;
  bucket: string;
  accessKey: string;
  secretKey: string;
}

/** Reads the variables of a bucket, which begin alike. Without its name there is none, and the other variables have no effect. */
export function readS3(
  variable: ReturnType<typeof reader>,
  mistakes: string[],
  beginning: 'S3_' | 'BACKUP_S3_' = 'S3_',
): S3Settings | null {
  const bucket = variable(`${beginning}BUCKET`, null, bucketName);
  const endpoint = variable(`${beginning}ENDPOINT`, null, s3Address);
  const region = variable(`${beginning}REGION`, 'us-east-1', (text) => text);
  const accessKey = variable(`${beginning}ACCESS_KEY_ID`, null, (text) => text);
  const secretKey = variable(`${beginning}SECRET_ACCESS_KEY`, null, (text) => text);
  if (!bucket) return null;
  for (const [name, value] of Object.entries({
    [`${beginning}ACCESS_KEY_ID`]: accessKey,
    [`${beginning}SECRET_ACCESS_KEY`]: secretKey,
  })) {
    if (!value) mistakes.push(`${beginning}BUCKET is set, so ${name} must be too.`);
  }
  return { bucket, endpoint, region, accessKey: accessKey ?? '', secretKey: secretKey ?? '' };
}

const bucketName: Parse<string> = (text) =>
  /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(text)
    ? text
    : new Mistake('must be the name of a bucket, such as finestreta-documents');

const s3Address: Parse<string> = (text) => {
  const words = 'must be the address of a store that speaks S3, such as https://s3.vilaclara.cat';
  const url = addressWith(['https:', 'http:'], words)(text);
  return url instanceof Mistake ? url : url.origin;
};
