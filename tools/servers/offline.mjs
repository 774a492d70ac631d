/** Whether nothing outside of this machine may be contacted (`GANGLION_OFFLINE`). */
export function isOffline(environment = process.env) {
  return ['1', 'true'].includes(environment.GANGLION_OFFLINE ?? '');
}
