// The service behind a real OpenID provider: discovery, client credentials, a new key, an outage and its end.
// Arguments: the binary, and an empty folder to work in.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';

const [binary, folder] = process.argv.slice(2);
const audience = 'https://alongside.example/api';
const scheme = 'mentor-plus';
const secret = 'known to this check only, and to nobody for long';

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

const providerPort = await freePort();
const issuer = `http://127.0.0.1:${providerPort}`;
const servicePort = await freePort();
const url = `http://127.0.0.1:${servicePort}`;

async function newKey(kid, alg) {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(privateKey)), kid, alg, use: 'sig' };
}

let listening;
async function startProvider(keys) {
  const client = (client_id) => ({
    client_id,
    client_secret: secret,
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
  });
  const provider = new Provider(issuer, {
    clients: ['root', 'hr-devon', 'desk'].map(client),
    jwks: { keys },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: 'alongside',
          audience,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: keys[0].alg, kid: keys[0].kid } },
        }),
      },
    },
  });
  listening = provider.listen(providerPort, '127.0.0.1');
  await once(listening, 'listening');
}

async function stopProvider() {
  listening.closeAllConnections();
  listening.close();
  await once(listening, 'close');
}

async function tokenOf(client) {
  const answer = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${client}:${encodeURIComponent(secret)}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const { access_token: token, ...rest } = await answer.json();
  if (!token) throw new Error(`no token for ${client}: ${JSON.stringify(rest)}`);
  return token;
}

async function ask(token, query, headers = {}) {
  const began = Date.now();
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  return { status: answer.status, body: await answer.json(), took: Date.now() - began };
}

function expect(what, holds, seen) {
  if (!holds) throw new Error(`${what}: ${JSON.stringify(seen)}`);
  console.log(`   ${what}`);
}

async function eventually(what, attempt) {
  const until = Date.now() + 30_000;
  for (;;) {
    const seen = await attempt();
    if (seen === true) return console.log(`   ${what}`);
    if (Date.now() > until) throw new Error(`${what}, not within 30 s: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

const roles = '{ viewer { roles employer } }';
const accepted = async (token) => {
  const answer = await ask(token, roles);
  return answer.status === 200 || answer;
};

let service;
try {
  const first = await newKey('first', 'ES256');
  await startProvider([first]);
  const settings = join(folder, 'settings.toml');
  writeFileSync(
    settings,
    `[[identity.issuers]]
issuer = "${issuer}"
audience = "${audience}"
algorithms = ["ES256", "RS256"]
access_tokens_only = true

[[identity.people]]
issuer = "${issuer}"
subject = "root"
role = "administrator"

[[identity.people]]
issuer = "${issuer}"
subject = "hr-devon"
role = "employer"
scheme = "${scheme}"
employer = "E10000008"
`,
  );
  const place = ['--data', join(folder, 'data'), '--config', settings];
  service = spawn(binary, ['serve', '--create', '--listen', `127.0.0.1:${servicePort}`, ...place], { stdio: 'ignore' });
  await eventually('the service is there', async () => {
    if (service.exitCode !== null) throw new Error(`it ended with ${service.exitCode}`);
    const answer = await fetch(`${url}/readyz`).catch((error) => error);
    return answer.ok === true || String(answer);
  });
  const minting = spawn(binary, ['token', '--role', 'administrator', ...place]);
  let said = '';
  minting.stderr.on('data', (data) => (said += data));
  const [code] = await once(minting, 'close');
  expect('local tokens are no longer made', code === 1 && said.includes(issuer), { code, said });

  const hr = await tokenOf('hr-devon');
  const spare = await tokenOf('hr-devon');
  const asEmployer = await ask(hr, roles);
  expect(
    'a client of a council is its HR system',
    JSON.stringify(asEmployer.body.data?.viewer) === '{"roles":["EMPLOYER"],"employer":"E10000008"}',
    asEmployer,
  );
  const root = await tokenOf('root');
  const common = (number) => `scheme: "${scheme}", commandId: "00000000-0000-4000-8000-00000000000${number}"`;
  const opened = await ask(root, `mutation { openScheme(input: { ${common(1)}, name: "A scheme", kind: MENTORING }) { rejection { code } } }`);
  expect('the administrator opens a scheme', opened.body.data?.openScheme.rejection === null, opened);
  const here = { 'alongside-scheme': scheme };
  const desk = await tokenOf('desk');
  const outside = await ask(desk, roles, here);
  expect('somebody of whom nothing is known stays outside', outside.status === 403, outside);
  const granted = await ask(root, `mutation { grantAccess(input: { ${common(2)}, subject: "desk", role: COORDINATOR }) { rejection { code } } }`);
  expect('the administrator lets them in', granted.body.data?.grantAccess.rejection === null, granted);
  const inside = await ask(desk, roles, here);
  expect('they are in', inside.body.data?.viewer.roles[0] === 'COORDINATOR', inside);
  const revoked = await ask(root, `mutation { revokeAccess(input: { ${common(3)}, subject: "desk", role: COORDINATOR }) { rejection { code } } }`);
  expect('and shuts them out', revoked.body.data?.revokeAccess.rejection === null, revoked);
  expect('they are out at once', (await ask(desk, roles, here)).status === 403);

  const stranger = await generateKeyPair('ES256');
  const forged = await new SignJWT({ client_id: 'root' })
    .setProtectedHeader({ alg: 'ES256', kid: 'first', typ: 'at+jwt' })
    .setIssuer(issuer).setAudience(audience).setSubject('root').setIssuedAt().setExpirationTime('5m')
    .sign(stranger.privateKey);
  const refused = await ask(forged, roles);
  expect('a token by another key of the same name is refused', refused.status === 401, refused);

  await stopProvider();
  const second = await newKey('second', 'RS256');
  await startProvider([second, first]);
  const newer = await tokenOf('hr-devon');
  await eventually('a new key is found when a token names it', () => accepted(newer));
  expect('the old one holds while it is published', (await accepted(hr)) === true);

  await stopProvider();
  const third = await newKey('third', 'ES256');
  await startProvider([third]);
  const newest = await tokenOf('hr-devon');
  const kept = await tokenOf('hr-devon');
  await eventually('so is the next', () => accepted(newest));
  expect('what keys signed that are no more is refused', (await ask(newer, roles)).status === 401 && (await ask(spare, roles)).status === 401);

  await stopProvider();
  expect('while the provider is down, known tokens hold', (await accepted(newest)) === true);
  expect('and new ones by known keys', (await accepted(kept)) === true);
  const unknown = await new SignJWT({ client_id: 'root' })
    .setProtectedHeader({ alg: 'ES256', kid: 'fourth', typ: 'at+jwt' })
    .setIssuer(issuer).setAudience(audience).setSubject('root').setIssuedAt().setExpirationTime('5m')
    .sign(stranger.privateKey);
  const waited = await ask(unknown, roles);
  expect('a key nobody knows is refused, and nobody waits for it', waited.status === 401 && waited.took < 4_000, waited);

  const fifth = await newKey('fifth', 'RS256');
  await startProvider([fifth]);
  const again = await tokenOf('root');
  await eventually('once it is back, so is the service', () => accepted(again));
  await stopProvider();
} catch (error) {
  console.log(`-- ${error.message}`);
  process.exitCode = 1;
} finally {
  service?.kill('SIGTERM');
  listening?.closeAllConnections();
  listening?.close();
}
process.exit();
