// Neighbours that take the processors. Proof: how long the victim's own threads waited for one, by the kernel's account.
import { neighbourly } from './neighbourly.ts'

export const cpuHog = neighbourly('cpu-hog', 'cpu', 'two busy processes for each processor; proved by the time that the victim\'s threads waited for a processor (schedstat)')
