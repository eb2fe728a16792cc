package io.warren.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** {@code deploy/kubernetes}: what its parts call each other, and that the configuration in it is right. */
class KubernetesManifestsTest {
    private static final Path FOLDER = Path.of("deploy/kubernetes");
    private static final Map<String, Object> ENVIRONMENT = Map.of(
            "POD_IP", "10.244.1.7",
            "WARREN_DB_PASSWORD", "a password",
            "WARREN_CLUSTER_SECRET", "a secret",
            "WARREN_TUNNEL_SECRET", "another");

    private static final List<Config> DOCUMENTS = new ArrayList<>();

    @BeforeAll
    static void read() throws IOException {
        for (String file : List.of("secret.yaml", "warren.yaml")) {
            DOCUMENTS.addAll(documents(file));
        }
    }

    @SuppressWarnings("unchecked")
    private static List<Config> documents(String file) throws IOException {
        LoaderOptions strict = new LoaderOptions();
        strict.setAllowDuplicateKeys(false);
        List<Config> documents = new ArrayList<>();
        try (Reader reader = Files.newBufferedReader(FOLDER.resolve(file))) {
            for (Object document : new Yaml(new SafeConstructor(strict)).loadAll(reader)) {
                documents.add(ConfigFactory.parseMap(quoted((Map<String, Object>) document)));
            }
        }
        return documents;
    }

    /** Keys of YAML may hold dots, which are paths to {@link ConfigFactory#parseMap}; here they become underscores. */
    private static Map<String, Object> quoted(Map<String, Object> map) {
        Map<String, Object> quoted = new HashMap<>();
        map.forEach((key, value) -> quoted.put(key.replaceAll("[./]", "_"), quotedValue(value)));
        return quoted;
    }

    @SuppressWarnings("unchecked")
    private static Object quotedValue(Object value) {
        return switch (value) {
            case Map<?, ?> map -> quoted((Map<String, Object>) map);
            case List<?> list ->
                list.stream().map(KubernetesManifestsTest::quotedValue).toList();
            default -> value;
        };
    }

    private static Config only(String kind, String name) {
        List<Config> found = DOCUMENTS.stream()
                .filter(each -> each.getString("kind").equals(kind)
                        && each.getString("metadata.name").equals(name))
                .toList();
        assertThat(found).as("%s %s", kind, name).hasSize(1);
        return found.getFirst();
    }

    private static Config pod() {
        return only("StatefulSet", "warren").getConfig("spec.template");
    }

    private static Config container() {
        return pod().getConfigList("spec.containers").getFirst();
    }

    @Test
    void everythingIsInOneNamespaceAndHasANameOfItsOwn() {
        Set<String> names = new HashSet<>();
        for (Config document : DOCUMENTS) {
            assertThat(document.hasPath("apiVersion")).isTrue();
            if (!document.getString("kind").equals("Namespace")) {
                assertThat(document.getString("metadata.namespace")).isEqualTo("warren");
                assertThat(names.add(document.getString("kind") + " " + document.getString("metadata.name")))
                        .as("%s is there twice", document.getConfig("metadata"))
                        .isTrue();
            }
        }
    }

    @Test
    void selectorsFindThePods() {
        Config labels = pod().getConfig("metadata.labels");
        assertThat(only("StatefulSet", "warren").getConfig("spec.selector.matchLabels"))
                .isEqualTo(labels);
        assertThat(only("PodDisruptionBudget", "warren").getConfig("spec.selector.matchLabels"))
                .isEqualTo(labels);
        assertThat(only("Service", "warren").getConfig("spec.selector")).isEqualTo(labels);
        assertThat(only("Service", "warren-nodes").getConfig("spec.selector")).isEqualTo(labels);
        assertThat(only("StatefulSet", "warren").getString("spec.serviceName")).isEqualTo("warren-nodes");
    }

    @Test
    void whatAPodRefersToIsThere() {
        for (Config volume : pod().getConfigList("spec.volumes")) {
            if (volume.hasPath("configMap")) {
                only("ConfigMap", volume.getString("configMap.name"));
            } else if (volume.hasPath("secret")) {
                only("Secret", volume.getString("secret.secretName"));
            }
        }
        for (Config source : container().getConfigList("envFrom")) {
            only("Secret", source.getString("secretRef.name"));
        }
        only("ServiceAccount", pod().getString("spec.serviceAccountName"));
        Set<String> volumes = new HashSet<>();
        pod().getConfigList("spec.volumes").forEach(volume -> volumes.add(volume.getString("name")));
        container()
                .getConfigList("volumeMounts")
                .forEach(mount -> assertThat(volumes).contains(mount.getString("name")));
    }

    @Test
    void probesAndServicesNamePortsThatAreThere() {
        Map<String, Integer> ports = new HashMap<>();
        container()
                .getConfigList("ports")
                .forEach(port -> ports.put(port.getString("name"), port.getInt("containerPort")));
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            assertThat(ports).containsKey(container().getString(probe + ".httpGet.port"));
        }
        assertThat(container().getString("readinessProbe.httpGet.path")).isEqualTo("/ready");
        assertThat(container().getString("livenessProbe.httpGet.path")).isEqualTo("/alive");
        assertThat(ports)
                .containsKey(only("Service", "warren")
                        .getConfigList("spec.ports")
                        .getFirst()
                        .getString("targetPort"));
        Config defaults = SettingsReader.defaults();
        assertThat(ports)
                .containsEntry("artery", defaults.getInt("warren.cluster.port"))
                .containsEntry("relay", defaults.getInt("warren.cluster.relay-port"));
    }

    @Test
    void theNodesConfigurationIsRight() throws SettingsException {
        String users = "/etc/warren-secrets/users";
        assertThat(container().getConfigList("volumeMounts"))
                .anySatisfy(mount -> assertThat(mount.getString("mountPath")).isEqualTo("/etc/warren-secrets"));
        assertThat(only("Secret", "warren-users").hasPath("stringData.users")).isTrue();
        String text = only("ConfigMap", "warren").getString("data.application_conf");
        assertThat(text).contains('"' + users + '"');
        Config parsed = ConfigFactory.parseString(text.replace(
                        users, Path.of("conf/users").toAbsolutePath().toString()))
                .resolveWith(ConfigFactory.parseMap(ENVIRONMENT));
        Settings settings = SettingsReader.read(parsed, FOLDER).settings();
        assertThat(settings.cluster().enabled()).isTrue();
        assertThat(settings.cluster().address()).isEqualTo("10.244.1.7");
        assertThat(settings.cluster().requiredNodes())
                .isGreaterThan(only("StatefulSet", "warren").getInt("spec.replicas") / 2);
        String service = parsed.getString("akka.management.cluster.bootstrap.contact-point-discovery.service-name");
        String[] selector = parsed.getString("akka.discovery.kubernetes-api.pod-label-selector")
                .formatted(service)
                .split("=");
        assertThat(pod().getString("metadata.labels." + selector[0].replaceAll("[./]", "_")))
                .isEqualTo(selector[1]);
    }

    @Test
    void theSecretsAreNamedAsTheConfigurationWantsThem() {
        assertThat(only("Secret", "warren-environment").getConfig("stringData").root())
                .containsKeys("WARREN_DB_PASSWORD", "WARREN_CLUSTER_SECRET");
    }

    @Test
    void theChangeForTheHostsNetworkIsAPartOfAStatefulSet() throws IOException {
        Config change = documents("host-network.yaml").getFirst();
        assertThat(change.getBoolean("spec.template.spec.hostNetwork")).isTrue();
    }
}
