import { modelEnvironment } from '@ganglion/service-kit/model/model-environment';
import { defineEnvironment } from '@ganglion/service-kit/environment';

/** What this service reads beside what every service does: where its models compute. */
export const environment = defineEnvironment({ ...modelEnvironment });
