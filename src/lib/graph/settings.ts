import { Mistake, type Parse, type reader } from '../environment.ts';
import { issuerAddress } from '../http/addresses.ts';

/** The town's directory at Microsoft, and what this installation is there (Microsoft Learn: "Register an application"). */
export interface GraphSettings {
  /** The id or a domain of the directory. Only its people can sign in. */
  tenant: string;
  clientId: string;
  clientSecret: string;
  /** The origin where people sign in, without a trailing slash. National clouds have their own. */
  loginUrl: string;
  /** The origin of Microsoft Graph, without a trailing slash. */
  graphUrl: string;
}

type Variable = ReturnType<typeof reader>;

/** Reads the variables of Microsoft 365. Without GRAPH_TENANT there is none, and the others have no effect. */
export function readGraph(variable: Variable, mistakes: string[]): GraphSettings | null {
  const tenant = variable('GRAPH_TENANT', null, directory);
  const clientId = variable('GRAPH_CLIENT_ID', null, (text) => text);
  const clientSecret = variable('GRAPH_CLIENT_SECRET', null, (text) => text);
  const loginUrl = variable('GRAPH_LOGIN_URL', 'https://login.microsoftonline.com', origin);
  const graphUrl = variable('GRAPH_URL', 'https://graph.microsoft.com', origin);
  if (!tenant) return null;
  for (const [name, value] of [
    ['GRAPH_CLIENT_ID', clientId],
    ['GRAPH_CLIENT_SECRET', clientSecret],
  ])
    if (!value) mistakes.push(`GRAPH_TENANT is set, so ${name} must be too.`);
  return {
    tenant,
    clientId: clientId ?? '',
    clientSecret: clientSecret ?? '',
    loginUrl,
    graphUrl,
  };
}

/** Names under which Microsoft lets people of any directory sign in. */
const ANYBODY = ['common', 'organizations', 'consumers'];

const directory: Parse<string> = (text) =>
  /^[a-z\d]([a-z\d.-]{0,250}[a-z\d])?$/i.test(text) && !ANYBODY.includes(text.toLowerCase())
    ? text
    : new Mistake("must be the id or a domain of the town's own directory");

const origin: Parse<string> = (text) => {
  const address = issuerAddress(text);
  if (address instanceof Mistake) return address;
  const url = new URL(address);
  return url.pathname === '/' ? url.origin : new Mistake('must be an address without a path');
};
