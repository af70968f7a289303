/** Word tables of the placeholder filter, written by hand from what documentation puts where a secret goes. */

/** Whole values, lower case, without marks at either end. */
export const SAMPLE_VALUES: ReadonlySet<string> = new Set(
  `access_token accesskey accesstoken actual admin anonymous any apikey api_key api-key api_token auth authtoken auto
  bar basic baz bearer blank bool boolean changeit changeme char clientsecret config credential credentials data default
  disabled empty enabled env environment example false foo foobar function guest hello here invalid key keys
  missing mypass mypassword mysecret mytoken n/a na nil no none not-set notset null number object off on optional pass passphrase passwd
  password passwords passwort postgres prompt pw pwd random required root sample secret secretkey secret_key secret-key
  secrets secure set somepassword somesecret sometoken str string super-secret supersecret test testing text tbd todo
  token tokens topsecret true undefined unknown unset unused user username username:password user:pass user:password
  value values var variable world xxx xyz yes yyy zzz`.split(/\s+/),
);

/** Anywhere in a value, lower case. Each is long enough not to occur in random text by chance. */
export const HOLDS_PLACEHOLDER: readonly string[] = [
  'example',
  'placeholder',
  'redacted',
  'removed',
  'censored',
  'obfuscated',
  'sanitized',
  'scrubbed',
  'changeme',
  'change-me',
  'change_me',
  'changethis',
  'change_this',
  'change-this',
  'replaceme',
  'replace-me',
  'replace_me',
  'replacewith',
  'replace-with',
  'replace_with',
  'dummy',
  'sample',
  'foobar',
  'lorem',
  'your-',
  'your_',
  'your.',
  'your ',
  'yourpass',
  'yourkey',
  'yourtoken',
  'yoursecret',
  'yourapi',
  'youraccess',
  'yourclient',
  'yourown',
  'insert-',
  'insert_',
  'enter-',
  'enter_',
  'put-your',
  'put_your',
  'my-secret',
  'my_secret',
  'not-a-real',
  'not_a_real',
  'notareal',
  'not-real',
  'not_real',
  'notreal',
  'fake-',
  'fake_',
  '-fake',
  '_fake',
  'goes-here',
  'goes_here',
  'goeshere',
  'fixme',
];

/** What a credential is called; a value made of words with one of these is a name. */
export const SECRET_NOUNS: ReadonlySet<string> = new Set(
  `apikey auth cred credential credentials here id key keys name pass passphrase passwd password passwords pwd secret
  secrets token tokens url user username value`.split(/\s+/),
);
