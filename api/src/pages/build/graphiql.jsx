// The GraphiQL page. The token lives in the headers editor and nowhere else: it is not kept when the page closes.
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import 'graphiql/style.css';
import React from 'react';
import { createRoot } from 'react-dom/client';

const webSocketUrl = new URL('graphql/ws', location.href);
webSocketUrl.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';

const fetcher = createGraphiQLFetcher({
  url: new URL('graphql', location.href).href,
  // The headers editor's content becomes the payload of `connection_init`.
  subscriptionUrl: webSocketUrl.href,
});

const welcome = `# Paste a token below, then reload (↻).
# alongside token --role coordinator
query {
  __typename
}
`;

createRoot(document.getElementById('graphiql')).render(
  <GraphiQL
    fetcher={fetcher}
    defaultQuery={welcome}
    defaultHeaders={'{\n  "Authorization": "Bearer "\n}'}
    defaultEditorToolsVisibility="headers"
    isHeadersEditorEnabled={true}
    shouldPersistHeaders={false}
  />,
);
