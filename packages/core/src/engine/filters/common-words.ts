/**
 * Words that letter pairs cannot tell from chance: short ones and abbreviations, which have too few pairs, and some
 * compounds with a rare one. Written by hand; other words need no list.
 */
export const COMMON_WORDS: ReadonlySet<string> = new Set(
  `abc abs acc ack acl add age ago aid aim air alg all alt amd and any api apk app arch arg args arm arn arr art asc ask
  asm ast async atom attr auth auto avg aws axis bad bag ban bar base bash bat bean bed beta big bin bind bit bits blob
  block body bold bool boot bot both box boy bro btn bug buf bug bus but buy byte cab call can cap car card cart case
  cat cci cdn cell cert cfg cgi char chat chk city cli clk cls cmd cmk cms cnt code col com comp con conf conn copy core
  cors cost cpp cpu crc cred cron crt css csv ctl ctr ctrl ctx cube cur cut cyan dao dark data date day dbms dbs dead
  debug dec def del demo dep desc dest dev dhcp dial dict diff dim dir disk dns doc docs dog dom done dot down drag draw
  drop dry dst dsn due dump ear east eat ecs edge edit eks elb elem else elf ember end ent enum env eof eol eps err etc
  eth exe exec exit exp ext eye face fact fail far fast fat fax feed few fid field file fill fin find fire fit fix flag
  flat flex flow fly fmt fold font foo for fork form foo fox free from ftp full fun func fwd game gap gas gcc gcm gcp gem
  gen get gid gif git gke glob gmt gnu good gps gpt gpu gray grid grp gui guid gzip hal half hand hard has hash head heap
  her hex hide hid high him his hit hmac home hook host hot hour how html http https hub icon idp idx iface iid img imap
  imp inc ind inf info ini init inner inp input ins int into ios ipc ips irc iso its item jar java jdbc jdk jenkins job
  join jpg jpeg json jsx jwk jwks jwt key keys kit kms kube lab lan last lat law lay ldap left len let lib lid lie like
  line link lint list live load loc lock log logo long loop lot low lua mac mad mail main make man map mask max may mem
  menu met mgmt mgr mid mime min mix mkdir mlab mod mode mon more most mount move mpi mps msg mssql mtls mux mvn name nan
  nat nav net new next nfs nil node non none norm not now npm nsx null num oauth obj odd off oidc okta old once one only
  opa open ops opt org orm oss otp out own pad page pair pal pam param part pass past path pay pci pdf pem per pet pfx
  pgp php pic pid pin ping pip pkcs pkg pki png pod pom pool pop port pos post pre prev prod prop proto proxy psk pub pull
  push put pwd qat qos qty query queue quit rack ram ran range rank rate raw rds read real rec red ref reg rel rem repo
  req res rest ret rev rgb rid role roll root row rpc rpm rsa rss rst rtc rtl ruby rule run rust s3 saas safe sale salt
  saml same save say scm scp scss sdk sea sec see seed self send seq ses set sftp sha she shop show sid sig sign sim
  site six size skip sku sky slug sms smtp sni sns soap sock sol some sort spec spf split spn spring sql sqs src ssd ssh
  ssl sso std step stg stop str sts stub sub sudo sum sun swap switch sync sys tab tag tar task tax tcp team tel temp ten
  term test text tf tgz the thx tie time tin tip tls tmp tmpl todo too top toy tpl tree tries trig true try tsx ttl tty
  tun turn two txn txt type udp uid undo uml unit unix uri url usb use used user usr utc util uuid vault val var vault ver
  vhost via vid view vim vip vm void vol vpc vpn vue wait wal war was way web wep west what who why wide wiki win wire
  walk width with woo word work wow wpa www xls xml xmpp xsd yaml year yes yml you zero zip zone zoo
  column download footnote kind lookahead lookup major payload physics regexp rfc shutdown sodium syntax`.split(/\s+/),
);

/** Terms with digits inside, so that their parts do not look random. */
export const TERMS_WITH_DIGITS: readonly string[] = [
  'ed25519',
  'x25519',
  'curve25519',
  'chacha20',
  'poly1305',
  'sha256',
  'sha512',
  'sha384',
  'sha224',
  'base64',
  'base32',
  'base58',
  'oauth2',
  'utf16',
  'utf8',
  'pkcs12',
  'pkcs8',
  'pkcs7',
  'pkcs5',
  'aes256',
  'aes192',
  'aes128',
  'hs256',
  'rs256',
  'es256',
  'win32',
  'win64',
  'amd64',
  'arm64',
  'x509',
  'sha1',
  'ipv4',
  'ipv6',
  'i18n',
  'l10n',
  'krb5',
  'http2',
];
