// From the log of a failed step to a sentence that says what to do.

const causes = [
  { sign: /ENOSPC|no space left on device/i, say: 'the disk is full' },
  {
    sign: /self[- ]signed certificate|unable to get (?:local )?issuer certificate|UnknownIssuer|invalid peer certificate|CERT_/i,
    say: 'the registry’s TLS certificate is not trusted here. If your network has its own authority, name its file in NODE_EXTRA_CA_CERTS (and SSL_CERT_FILE)',
  },
  {
    sign: /OUTDATED_LOCKFILE|lockfile is not up to date|FROZEN_LOCKFILE/i,
    say: 'pnpm-lock.yaml does not fit the package.json files. Bring it up to date: node tools/bootstrap.mjs exec pnpm install --lockfile-only',
  },
  {
    sign: /\bE40[13]\b|\b40[13] (?:Unauthorized|Forbidden)|ERR_PNPM_FETCH_40[13]/,
    say: 'the package registry refuses us. Look at the registry and its credentials in ~/.npmrc',
  },
  {
    sign: /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|SOCKET_TIMEOUT|getaddrinfo|dns error|error sending request|network (?:request|timeout)|tcp connect error/i,
    say: 'the package registry cannot be reached. Connect to the network, or name a mirror: npm config set registry <URL>. Once everything is installed, no network is needed',
  },
  {
    sign: /\bE404\b|\bETARGET\b|ERR_PNPM_FETCH_404|NO_MATCHING_VERSION|No matching version/,
    say: 'the package registry does not hold a version that the project needs. If it is a mirror, it may lag: try https://registry.npmjs.org',
  },
  {
    sign: /EACCES|EPERM|permission denied/i,
    say: 'a file cannot be written: look who owns this folder and the package caches',
  },
];

const tailLines = 15;

/** Why a step failed: a sentence for the first known cause in its log, else the log's last lines. */
export function explain(log) {
  const known = causes.find(({ sign }) => sign.test(log));
  if (known !== undefined) return known.say;
  const lines = log.trimEnd().split('\n').slice(-tailLines);
  return lines[0] === ''
    ? 'it wrote nothing'
    : `its last lines are\n${lines.map((line) => `  ${line.trimEnd()}`).join('\n')}`;
}
