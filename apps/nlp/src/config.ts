import { defineEnvironment } from '@ganglion/service-kit/environment';
import { modelEnvironment } from '@ganglion/service-kit/model/model-environment';

/** What this service reads beside what every service does: where its models compute. */
export const environment = defineEnvironment({ ...modelEnvironment });
