// One operation over each of the two streaming transports, by the clients that front ends use.
// Arguments: base URL, token, and optionally a subscription to run instead of `{ __typename }`.
import { createClient as createEventClient } from 'graphql-sse';
import { createClient as createSocketClient } from 'graphql-ws';
import WebSocket from 'ws';

const [url, token, subscription] = process.argv.slice(2);
const query = subscription ?? '{ __typename }';
const within = 10_000;

const clients = {
  'graphql-ws': () =>
    createSocketClient({
      url: `${url.replace(/^http/, 'ws')}/graphql/ws`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${token}` },
      retryAttempts: 0,
    }),
  'graphql-sse': () =>
    createEventClient({
      url: `${url}/graphql/stream`,
      headers: { authorization: `Bearer ${token}` },
      retryAttempts: 0,
    }),
};

// A query must end by itself; of a subscription the first event is enough.
function first(client) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`nothing within ${within} ms`)), within);
    let heard;
    const settle = (act) => (value) => {
      clearTimeout(late);
      act(value);
    };
    const stop = client.subscribe(
      { query },
      {
        next: (result) => {
          heard = result;
          if (subscription) {
            settle(resolve)(result);
            stop();
          }
        },
        error: settle(reject),
        complete: settle(() => (heard ? resolve(heard) : reject(new Error('ended without an answer')))),
      },
    );
  });
}

let failed = 0;
for (const [name, create] of Object.entries(clients)) {
  const client = create();
  try {
    const result = await first(client);
    if (result.errors) throw new Error(JSON.stringify(result.errors));
    console.log(`${name}: ${JSON.stringify(result.data)}`);
  } catch (error) {
    failed += 1;
    console.log(`${name}: ${error?.message ?? error?.reason ?? JSON.stringify(error)}`);
  } finally {
    await client.dispose();
  }
}
process.exit(failed === 0 ? 0 : 1);
