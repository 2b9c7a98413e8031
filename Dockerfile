# The bot alone: neither the sandbox nor a development tool gets in. There is no build step: Node runs the .ts files.
#
#   docker build --tag breakwater .

FROM node:24-slim AS dependencies
WORKDIR /app
# The lockfile also names file:tools/node and file:tools/postgres; they are for development, so npm leaves them out
# and does not miss their folders.
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM node:24-slim
ENV NODE_ENV=production \
    NODE_COMPILE_CACHE=/var/cache/breakwater
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json ./
COPY bin ./bin
COPY commands ./commands
COPY src ./src
RUN install --directory --owner=1000 --group=1000 "$NODE_COMPILE_CACHE"

# The image's user `node`, by number, so that Kubernetes can tell that it is not root.
USER 1000:1000
# Fills the compile cache while the file system can still be written to: the bot then starts about 0.2 s sooner. The cache
# belongs to this user id: under another one it is ignored, which does no harm.
RUN node --input-type=module --eval "await import('/app/src/bot.ts')"

STOPSIGNAL SIGTERM
CMD ["node", "src/main.ts", "run"]
