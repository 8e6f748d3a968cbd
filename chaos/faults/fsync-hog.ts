// Neighbours that flush all the time, on the disk that the store uses. Proof: what a commit of ours takes meanwhile.
import { neighbourly } from './neighbourly.ts'

export const fsyncHog = neighbourly('fsync-hog', 'fsync', 'processes that write and fsync on the store\'s disk without a pause; proved by a commit in the store, which takes longer than before')
