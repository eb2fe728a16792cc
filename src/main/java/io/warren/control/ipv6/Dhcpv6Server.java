package io.warren.control.ipv6;

import io.warren.control.port.Ipv6Prefix;
import io.warren.wire.Bytes;
import io.warren.wire.ipv6.Dhcpv6Message;
import io.warren.wire.ipv6.Dhcpv6Option;
import io.warren.wire.ipv6.Dhcpv6Option.IaAddress;
import io.warren.wire.ipv6.Dhcpv6Option.IaNa;
import io.warren.wire.ipv6.Dhcpv6Option.IaPd;
import io.warren.wire.ipv6.Dhcpv6Option.IaPrefix;
import io.warren.wire.ipv6.Dhcpv6Option.IaTa;
import io.warren.wire.ipv6.Dhcpv6Option.StatusCode;
import io.warren.wire.ipv6.Ipv6Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A DHCPv6 server with one client (RFC 8415 §18.3). What it gives is the call's as long as the call lasts, bound or not,
 * so there are no bindings to remember: a client may renew at another node, and may release without losing anything.
 * One identity association of each kind gets all that there is, the first in the message.
 */
final class Dhcpv6Server {
    private final HostLink link;
    private final RouterSettings settings;
    private boolean addressGiven;
    private boolean prefixGiven;

    private Dhcpv6Server(HostLink link, RouterSettings settings) {
        this.link = link;
        this.settings = settings;
    }

    /** Empty when the message must be discarded (RFC 8415 §16), or calls for no answer. */
    static Optional<Dhcpv6Message> answer(Dhcpv6Message message, HostLink link, RouterSettings settings) {
        Dhcpv6Server server = new Dhcpv6Server(link, settings);
        boolean known = message.clientId() != null;
        Bytes meant = message.serverId();
        boolean forUs = meant != null && meant.equals(settings.serverDuid());
        boolean forAny = meant == null;
        return switch (message.type()) {
            case Dhcpv6Message.SOLICIT -> when(known && forAny, () -> server.solicited(message));
            case Dhcpv6Message.REQUEST, Dhcpv6Message.RENEW ->
                when(known && forUs, () -> server.reply(message, server.leases(message)));
            case Dhcpv6Message.REBIND -> when(known && forAny, () -> server.reply(message, server.leases(message)));
            case Dhcpv6Message.RELEASE, Dhcpv6Message.DECLINE ->
                when(known && forUs, () -> server.reply(message, List.of(new StatusCode(StatusCode.SUCCESS, ""))));
            case Dhcpv6Message.CONFIRM -> known && forAny ? server.confirm(message) : Optional.empty();
            case Dhcpv6Message.INFORMATION_REQUEST ->
                when(
                        (forUs || forAny) && message.options().stream().noneMatch(Dhcpv6Server::isWish),
                        () -> server.reply(message, List.of()));
            default -> Optional.empty();
        };
    }

    private static Optional<Dhcpv6Message> when(boolean valid, Supplier<Dhcpv6Message> answer) {
        return valid ? Optional.of(answer.get()) : Optional.empty();
    }

    private Dhcpv6Message solicited(Dhcpv6Message solicit) {
        List<Dhcpv6Option> leases = leases(solicit);
        if (!solicit.hasRapidCommit()) {
            return message(Dhcpv6Message.ADVERTISE, solicit, leases);
        }
        List<Dhcpv6Option> committed = new ArrayList<>(leases);
        committed.add(new Dhcpv6Option.RapidCommit());
        return message(Dhcpv6Message.REPLY, solicit, committed);
    }

    /** RFC 8415 §18.3.3: are the addresses still those of this link? Without any there is nothing to confirm. */
    private Optional<Dhcpv6Message> confirm(Dhcpv6Message message) {
        List<Ipv6Address> addresses = new ArrayList<>();
        for (Dhcpv6Option option : message.options()) {
            List<Dhcpv6Option> held = option instanceof IaNa addressed
                    ? addressed.options()
                    : option instanceof IaTa temporary ? temporary.options() : List.of();
            for (Dhcpv6Option part : held) {
                if (part instanceof IaAddress address) {
                    addresses.add(address.address());
                }
            }
        }
        if (addresses.isEmpty()) {
            return Optional.empty();
        }
        boolean all = addresses.stream().allMatch(link::isOnLink);
        int code = all ? StatusCode.SUCCESS : StatusCode.NOT_ON_LINK;
        return Optional.of(reply(message, List.of(new StatusCode(code, ""))));
    }

    private Dhcpv6Message reply(Dhcpv6Message to, List<Dhcpv6Option> options) {
        return message(Dhcpv6Message.REPLY, to, options);
    }

    private Dhcpv6Message message(int type, Dhcpv6Message to, List<Dhcpv6Option> options) {
        List<Dhcpv6Option> all = new ArrayList<>();
        Bytes client = to.clientId();
        if (client != null) {
            all.add(new Dhcpv6Option.ClientId(client));
        }
        all.add(new Dhcpv6Option.ServerId(settings.serverDuid()));
        all.addAll(options);
        List<Ipv6Address> dns = link.dns().isEmpty() ? settings.dns() : link.dns();
        if (!dns.isEmpty()) {
            all.add(new Dhcpv6Option.DnsServers(dns));
        }
        return new Dhcpv6Message(type, to.transactionId(), all);
    }

    private static boolean isWish(Dhcpv6Option option) {
        return option instanceof IaNa || option instanceof IaTa || option instanceof IaPd;
    }

    private List<Dhcpv6Option> leases(Dhcpv6Message message) {
        List<Dhcpv6Option> leases = new ArrayList<>();
        for (Dhcpv6Option wish : message.options()) {
            if (wish instanceof IaNa wished) {
                leases.add(addresses(wished));
            } else if (wish instanceof IaPd wished) {
                leases.add(prefixes(wished));
            } else if (wish instanceof IaTa(long iaid, List<Dhcpv6Option> _)) {
                leases.add(new IaTa(iaid, List.of(new StatusCode(StatusCode.NO_ADDRS_AVAIL, "none"))));
            }
        }
        return leases;
    }

    private IaNa addresses(IaNa wished) {
        Ipv6Address address = addressGiven ? null : link.hostAddress();
        addressGiven = true;
        List<Dhcpv6Option> given = new ArrayList<>();
        if (address != null) {
            given.add(new IaAddress(address, settings.preferredLifetime(), settings.validLifetime(), List.of()));
        }
        for (Dhcpv6Option old : wished.options()) {
            if (old instanceof IaAddress other
                    && !other.address().equals(Ipv6Address.UNSPECIFIED)
                    && !other.address().equals(address)) {
                given.add(new IaAddress(other.address(), 0, 0, List.of()));
            }
        }
        if (address == null) {
            given.add(new StatusCode(StatusCode.NO_ADDRS_AVAIL, "no address left"));
            return new IaNa(wished.iaid(), 0, 0, given);
        }
        return new IaNa(wished.iaid(), t1(), t2(), given);
    }

    private IaPd prefixes(IaPd wished) {
        List<Ipv6Prefix> prefixes = prefixGiven ? List.of() : link.delegated();
        prefixGiven = true;
        List<Dhcpv6Option> given = new ArrayList<>();
        for (Ipv6Prefix prefix : prefixes) {
            given.add(new IaPrefix(
                    new Ipv6Address(prefix.high(), 0),
                    prefix.length(),
                    settings.preferredLifetime(),
                    settings.validLifetime(),
                    List.of()));
        }
        for (Dhcpv6Option old : wished.options()) {
            // A length without a prefix is a hint, which we do not take (RFC 8415 §6.3).
            if (old instanceof IaPrefix other
                    && !other.prefix().equals(Ipv6Address.UNSPECIFIED)
                    && prefixes.stream().noneMatch(prefix -> isOurs(other, prefix))) {
                given.add(new IaPrefix(other.prefix(), other.length(), 0, 0, List.of()));
            }
        }
        if (prefixes.isEmpty()) {
            given.add(new StatusCode(StatusCode.NO_PREFIX_AVAIL, "no prefix left"));
            return new IaPd(wished.iaid(), 0, 0, given);
        }
        return new IaPd(wished.iaid(), t1(), t2(), given);
    }

    private static boolean isOurs(IaPrefix other, Ipv6Prefix prefix) {
        return other.length() == prefix.length() && other.prefix().equals(new Ipv6Address(prefix.high(), 0));
    }

    /** RFC 8415 §21.4: half of the shortest preferred lifetime … */
    private long t1() {
        return settings.preferredLifetime() / 2;
    }

    /** … and four fifths of it. */
    private long t2() {
        return settings.preferredLifetime() * 4 / 5;
    }
}
