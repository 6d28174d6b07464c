import pytest

from footnote.app.core.text.languages import language_of, language_tag

TEXTS = {
    "ar": (
        "ثبّت الحزمة باستخدام الأمر التالي. إذا لم تبدأ الخدمة فتحقق من "
        "الإعدادات في الملف ومن أن المنفذ لا يستخدم من قبل أو على الخادم."
    ),
    "da": (
        "Hvis tjenesten ikke starter, skal du se efter om porten bliver brugt "
        "af en anden. Det er også muligt at ændre den."
    ),
    "de": (
        "Wenn der Dienst nicht startet, prüfen Sie die Konfiguration und ob "
        "der Port von einem anderen Prozess belegt ist."
    ),
    "el": "Εγκαταστήστε το πακέτο με την ακόλουθη εντολή.",
    "en": ("If the service does not start, check the configuration and whether the port is in use by another process."),
    "es": ("Si el servicio no arranca, compruebe la configuración y si el puerto está en uso por otro proceso."),
    "fr": (
        "Si le service ne démarre pas, vérifiez la configuration et que le "
        "port n'est pas utilisé par un autre processus."
    ),
    "it": (
        "Se il servizio non si avvia, controlla la configurazione e che la porta non sia usata da un altro processo."
    ),
    "ja": "次のコマンドで Docker Compose をインストールします。docker-compose.yml の設定を確認してください。",
    "ko": "다음 명령으로 Docker Compose를 설치합니다.",
    "nl": (
        "Als de dienst niet start, controleer dan de configuratie en of de poort door een ander proces wordt gebruikt."
    ),
    "no": (
        "Hvis tjenesten ikke starter, må du se etter om porten blir brukt av en annen. Det er også mulig å endre den."
    ),
    "pl": (
        "Jeśli usługa się nie uruchamia, sprawdź to, czy port nie jest używany "
        "przez inny proces. Można to zmienić w pliku."
    ),
    "pt": ("Se o serviço não iniciar, verifique a configuração e se a porta não é usada por um outro processo."),
    "ru": ("Если служба не запускается, проверьте, что порт не занят другим процессом. Это можно изменить в файле."),
    "sv": (
        "Om tjänsten inte startar, kontrollera att porten inte används av en "
        "annan process. Det är också möjligt att ändra den."
    ),
    "uk": (
        "Якщо служба не запускається, перевірте, що порт не зайнятий. Це можна змінити у файлі або в налаштуваннях."
    ),
    "zh": "使用以下命令安装 Docker Compose。如果服务没有启动，请检查 docker-compose.yml 配置。",
}


@pytest.mark.parametrize("code", TEXTS)
def test_a_language_is_known_by_a_sentence_or_two(code: str) -> None:
    assert language_of(TEXTS[code]) == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ok",
        "Prometheus Alertmanager Grafana Loki Tempo",
        "e.com/de/la/o https://example.com/a/e/o/os/das a.de b.com c.com no-os",
        "λ-calculus and π notation",
    ],
)
def test_too_little_tells_no_language(text: str) -> None:
    assert language_of(text) == ""


def test_names_and_quotations_in_a_text_do_not_change_its_language() -> None:
    assert language_of(f"{TEXTS['en']} The error says 'O serviço não foi iniciado'. {TEXTS['en']}") == "en"
    assert language_of(TEXTS["en"] * 4 + " 設定を確認してください") == "en"
    assert language_of("Use `docker compose up`, `systemctl start relay` e `relay --check`. " + TEXTS["pt"]) == "pt"


def test_a_page_of_any_size_is_read_in_its_first_part() -> None:
    assert language_of(TEXTS["de"] * 1000 + TEXTS["fr"] * 5000) == "de"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("pt", "pt"),
        ("pt-BR", "pt"),
        ("zh_Hans_CN", "zh"),
        ("EN", "en"),
        ("nb-NO", "no"),
        ("jp", "ja"),
        ("english", ""),
        ("", ""),
    ],
)
def test_codes_are_read_as_pages_and_folders_spell_them(written: str, code: str) -> None:
    assert language_tag(written) == code
