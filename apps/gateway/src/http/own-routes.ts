import type { OwnRoute } from '../routes/route-table.js';

/** What the gateway answers by itself; no contract can take these paths. */
export const OWN_ROUTES: readonly OwnRoute[] = [
  { method: 'GET', path: '/' },
  { method: 'GET', path: '/healthz' },
  { method: 'GET', path: '/readyz' },
  { method: 'GET', path: '/metrics' },
  { method: 'GET', path: '/v1/services' },
  { method: 'GET', path: '/v1/jobs/{id}/events' },
  { method: 'GET', path: '/openapi.json' },
  { method: 'GET', path: '/docs' },
  { method: 'GET', path: '/docs/{asset}' },
  { method: 'GET', path: '/errors/{code}' },
];
