# The runner: durabench with what npm ships, as a user without rights. docker-compose.yml builds and uses it.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

FROM $NODE_IMAGE AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund && npm cache clean --force

FROM $NODE_IMAGE
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY . .
# A volume that is mounted there takes its owner from here.
RUN install -d -o node -g node results
USER node
ENV NODE_ENV=production
ENTRYPOINT ["node", "bin/durabench.js"]
CMD ["--help"]
