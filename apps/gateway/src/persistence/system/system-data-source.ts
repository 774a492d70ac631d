/** Injection token of the data source whose role sees every tenant. Only this folder may inject it. */
export const SYSTEM_DATA_SOURCE = Symbol('SystemDataSource');
