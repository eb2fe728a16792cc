package io.warren.control.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The users of this node, from a file in pppd's {@code chap-secrets} format. A changed file is taken over as a whole,
 * or, if it has mistakes, not at all. Safe for use by many threads.
 */
public final class UsersFile {
    private static final String ANYBODY = "*";
    private static final Logger LOG = LoggerFactory.getLogger(UsersFile.class);

    private final Path path;
    private final String server;
    private volatile Content content;

    private UsersFile(Path path, String server, Content content) {
        this.path = path;
        this.server = server;
        this.content = content;
    }

    /** The file has mistakes: all of them, as {@code file:line: what}. */
    public static final class MistakesException extends Exception {
        private static final long serialVersionUID = 1;
        private final transient List<String> mistakes;

        MistakesException(List<String> mistakes) {
            super(String.join("\n", mistakes));
            this.mistakes = List.copyOf(mistakes);
        }

        public List<String> mistakes() {
            return mistakes;
        }
    }

    /** Which version of the file this is. */
    private record Version(
            FileTime modified, long size, @Nullable Object fileKey) {
        static Version of(Path path) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return new Version(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        }
    }

    private record Content(
            @Nullable Version version,
            Map<String, User> byName,
            @Nullable User anybody) {}

    /**
     * @param server our host name: lines for other servers are not ours
     * @throws IOException when the file cannot be read
     * @throws MistakesException when it can, but not understood
     */
    public static UsersFile open(Path path, String server) throws IOException, MistakesException {
        return new UsersFile(path, server, read(path, server));
    }

    /**
     * Reads the file again if it was changed. With mistakes, or when it cannot be read, the users stay as they were and
     * the log says why, once per change.
     *
     * @return whether the users may have changed
     */
    public synchronized boolean reloadIfChanged() {
        Version version;
        try {
            version = Version.of(path);
        } catch (IOException e) {
            version = null;
        }
        Content old = content;
        if (version == null ? old.version() == null : version.equals(old.version())) {
            return false;
        }
        try {
            content = read(path, server);
            LOG.info("{}: read again, {} users", path, content.byName().size());
            return true;
        } catch (IOException e) {
            LOG.error("{} cannot be read, its users stay as they were: {}", path, e.toString());
        } catch (MistakesException e) {
            LOG.error("{} has mistakes, its users stay as they were:\n{}", path, e.getMessage());
        }
        content = new Content(version, old.byName(), old.anybody());
        return false;
    }

    /** How many users have a name. */
    public int size() {
        return content.byName().size();
    }

    /** Our host name. */
    String server() {
        return server;
    }

    /** Whether there is a line for this user, and not just one for anybody. */
    boolean names(String user) {
        return content.byName().containsKey(user);
    }

    /** The line for this user: his own before one for anybody, and of those one for our name before one for any. */
    @Nullable
    User find(String name) {
        Content now = content;
        User own = now.byName().get(name);
        return own != null ? own : now.anybody();
    }

    private static Content read(Path path, String server) throws IOException, MistakesException {
        Version version = Version.of(path);
        warnIfReadable(path);
        ChapSecrets.Parsed parsed = ChapSecrets.parse(Files.readAllBytes(path), path.toString());
        List<String> mistakes = new ArrayList<>(parsed.problems());
        if (!mistakes.isEmpty()) {
            throw new MistakesException(mistakes);
        }
        Map<String, User> byName = new HashMap<>();
        for (User user : parsed.users()) {
            if (user.server().equals(server) || user.server().equals(ANYBODY)) {
                byName.merge(user.name(), user, (first, next) -> better(path, first, next));
            }
        }
        User anybody = byName.remove(ANYBODY);
        return new Content(version, Map.copyOf(byName), anybody);
    }

    /** Of two lines for one name the one for our server; of equal ones the first, as pppd has it. */
    private static User better(Path path, User first, User next) {
        boolean firstIsExact = !first.server().equals(ANYBODY);
        boolean nextIsExact = !next.server().equals(ANYBODY);
        if (firstIsExact == nextIsExact) {
            LOG.warn(
                    "{}:{}: user {} is in line {} already, which counts", path, next.line(), next.name(), first.line());
        }
        return nextIsExact && !firstIsExact ? next : first;
    }

    private static void warnIfReadable(Path path) throws IOException {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
            if (permissions.contains(PosixFilePermission.OTHERS_READ)) {
                LOG.warn("{} holds secrets and everybody can read it: chmod 600", path);
            }
        } catch (UnsupportedOperationException e) {
            LOG.debug("{}: this file system has no permissions to check", path);
        }
    }
}
