# docker build --tag latchkey .
# docker run --read-only --tmpfs /tmp --volume latchkey:/data --publish 127.0.0.1:3000:3000 \
#   --env PUBLIC_URL=https://accounts.example.org ... latchkey
#
# docs/operators.md has the whole of it. Once it is built it needs no network but its port and the
# mail server's: `--network none` starts as well.
ARG NODE=22-bookworm-slim

FROM node:${NODE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
COPY scripts/check-node.cjs scripts/
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build && node scripts/keep-runtime.mjs

FROM node:${NODE}
ENV HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/assets assets
COPY --from=build /app/prisma/migrations prisma/migrations
COPY --from=build /app/dist dist
# The image's own user: never root, and it owns nothing but /data.
RUN mkdir --mode=700 /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=5s --start-period=10s CMD ["node", "dist/cli/health-check.js"]
# node is process 1 and ends on SIGTERM by itself, within ten seconds.
ENTRYPOINT ["node", "dist/main.js"]
