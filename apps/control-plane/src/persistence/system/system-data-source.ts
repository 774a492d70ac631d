/** Name of the data source whose role sees every tenant. Only this folder may inject it (`system-role.spec.ts`). */
export const SYSTEM_DATA_SOURCE = 'system';
