// The REST documentation page: Redoc, which build.mjs puts in front, over the contract that this server serves.

globalThis.Redoc.init(
  new URL('openapi.json', location.href).href,
  { hideDownloadButton: false, disableSearch: false, scrollYOffset: 0, sanitize: true, nativeScrollbars: true },
  document.getElementById('redoc'),
);
