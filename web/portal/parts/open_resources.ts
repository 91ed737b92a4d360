import { call, type Schemas } from '@common/api/client'

/** The resources that are shared without conditions; who is signed in may see others, which are not for this page. */
export const open_resources = async (signal: AbortSignal): Promise<Schemas['Resource'][]> =>
  (await call('get', '/api/v1/resources', { signal })).data.items.filter(({ share_class }) => share_class === 'unconditional')
