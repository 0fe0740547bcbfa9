import { type Finding, lineAt, type Source } from './imports.ts';

/** Kinds of secrets with a recognisable form. None of them can be in the repository by accident. */
const SECRETS: Record<string, RegExp> = {
  // The header alone is no secret: code that reads keys names it. A key has its first line of base64 below.
  'a private key (PEM)':
    /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----(?:\s|\\r|\\n|Proc-Type|DEK-Info|Version|[:,A-Z0-9-])*[A-Za-z0-9+/]{40}/g,
  'an age identity': /\bAGE-SECRET-KEY-(?:PQ-)?1[A-Z0-9]{50,}/g,
  'an API token of Finestreta': /\bfin_[A-Za-z0-9_-]{32}(?![A-Za-z0-9_-])/g,
  'a webhook secret': /\bwhsec_[A-Za-z0-9+/]{32}/g,
  'a root key': /\bINSTALLATION_KEY(?:_NEXT)?["']?\s*[=:]\s*["']?[A-Za-z0-9+/]{43}=/g,
  'an access key of AWS': /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/g,
  'a secret key of AWS':
    /\baws_?secret_?(?:access_?)?key["']?\s*[=:]\s*["']?[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=])/gi,
  'an API key of Google': /\bAIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/g,
  'a storage key of Azure': /\bAccountKey=[A-Za-z0-9+/]{86}==/g,
  'a token of GitHub': /\b(?:gh[oprsu]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,})/g,
  'a token of GitLab': /\bgl(?:pat|dt|rt|cbt)-[A-Za-z0-9_-]{20,}/g,
  'a token of npm': /\bnpm_[A-Za-z0-9]{36}\b/g,
  'a token of Slack': /\bxox[abeoprs]-[A-Za-z0-9-]{20,}/g,
};

/**
 * Reports secrets in these files, by kind and line and never by their text. A test that needs a secret makes one, or builds it
 * from pieces (`'fin_' + 'x'.repeat(32)`), so there is no list of exceptions.
 */
export function checkSecrets(sources: Source[]): Finding[] {
  return sources.flatMap(({ path, text }) =>
    Object.entries(SECRETS).flatMap(([kind, form]) =>
      [...text.matchAll(form)].map((match) => ({
        path,
        line: lineAt(text, match.index),
        message: `${kind}: take it out, and revoke it if it was ever shared`,
      })),
    ),
  );
}
