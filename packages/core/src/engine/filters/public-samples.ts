/**
 * Values that vendors print in their documentation and samples, and that many repositories therefore hold: known by the
 * first 128 bits of their SHA-256, so that none of them stands here.
 */
import { createHash } from 'node:crypto';
import { latin1Text } from '../../bytes/ascii.ts';
import { isCredentialId } from '../../bytes/ids.ts';

const SAMPLES: ReadonlySet<string> = new Set([
  // Google API keys of the Firebase, Maps and Android samples
  '2037abcaffb2b77785da716cf7ccff4f',
  '27a9a42931dff7eb2f8434e20a9bce97',
  '37f8f09bdf12c2f2eae4ead7273a62dd',
  '3a8b61d0f636b007840c0d40ba12bcf4',
  '3f370c9dd8225c63b5c77de1f785edc9',
  '49f777db995e8260da7ca9ffdf0c08d6',
  '4c98242dcadc8b29005c6b4aad526552',
  '8731261cb72d86267a32a532ebd3df42',
  'a19f89ab3555eac10c40741f6df79ecf',
  'a6c814bc555ae62c7bd8b58ec07bf559',
  'dc0fcf046c61640cbd1e8b999ada3262',
  'e4a5542bb7fd7b67e943c71ad29c34b5',
  'ea9bb1082cf95663f5faca23b8b15ef2',
  'eb540d2b6ee2a0a47c5779bc8a014178',
  // jwt.io, now and before
  '7f75367e7881255134e1375e723d1dea',
  'da816f9f2c16e6c5390e7636cadc40c4',
  // Stripe's test key
  '2cafc0970149a84f3b9e62eaf169f36f',
  // the AWS secret access key of its documentation
  '78314b11be2e581549ac1c4f616563fa',
]);

/** Also an id of ours, which stands in our own reports and ignore files. */
export function isPublicSample(secret: Uint8Array): boolean {
  if (isCredentialId(latin1Text(secret))) return true;
  return SAMPLES.has(createHash('sha256').update(secret).digest('hex').slice(0, 32));
}
