// SPDX-License-Identifier: Apache-2.0
// A generated password is shown once, here, and is nowhere else afterwards.

import { useEffect, useState } from "preact/hooks";
import { api, type Role, type User } from "../api";
import { Button, IconButton } from "../components/button";
import { Field } from "../components/field";
import { userTick } from "../live";
import { attempt } from "../notes";
import { session } from "../session";
import { t } from "../words";
import { Appoint } from "./appoint";

const roles: Role[] = ["guard", "aide", "admin"];

export function Users() {
  const [list, setList] = useState<User[]>([]);
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("guard");
  const [secret, setSecret] = useState<{ name: string; password: string } | null>(null);
  const [copied, setCopied] = useState(false);
  const [sure, setSure] = useState<string | null>(null);
  const me = session.value?.user.id;
  const tick = userTick.value;
  const read = async () => setList(await api.users());
  useEffect(() => void read().catch(() => {}), [tick]);

  function show(who: string, password: string) {
    setCopied(false);
    setSecret({ name: who, password });
  }
  async function add(event: SubmitEvent) {
    event.preventDefault();
    await attempt(async () => {
      const made = await api.addUser(name.trim(), role);
      show(made.user.name, made.password);
      setName("");
      await read();
    });
  }

  return (
    <>
      <form class="toolbar add-user" onSubmit={add}>
        <Field label={t("login.name")}>
          <input required value={name} autocomplete="off" spellcheck={false} onInput={(event) => setName(event.currentTarget.value)} />
        </Field>
        <Field label={t("admin.col.role")}>
          <select value={role} onChange={(event) => setRole(event.currentTarget.value as Role)}>
            {roles.map((one) => (
              <option key={one} value={one}>
                {t(`role.${one}`)}
              </option>
            ))}
          </select>
        </Field>
        <Button submit kind="primary">
          {t("admin.add_user")}
        </Button>
      </form>
      {secret && (
        <div class="secret" role="status">
          <p>{t("admin.added", { name: secret.name })}</p>
          <code>{secret.password}</code>
          <Button
            onClick={() =>
              void navigator.clipboard?.writeText(secret.password).then(
                () => setCopied(true),
                () => {},
              )
            }
          >
            {t(copied ? "admin.copied" : "admin.copy")}
          </Button>
          <IconButton icon="close" label={t("close")} onClick={() => setSecret(null)} />
        </div>
      )}
      <Appoint />
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{t("admin.col.name")}</th>
            <th scope="col">{t("admin.col.role")}</th>
            <th scope="col">{t("admin.col.state")}</th>
            <th scope="col">{t("admin.col.action")}</th>
          </tr>
        </thead>
        <tbody>
          {list.map((user) => (
            <tr key={user.id}>
              <th scope="row">
                {user.name} {user.id === me && <small>{t("admin.you")}</small>}
              </th>
              <td>{t(`role.${user.role}`)}</td>
              <td>
                <span class={`state-chip ${user.disabled ? "state-revoked" : "state-active"}`}>{t(user.disabled ? "admin.disabled" : "admin.active")}</span>
              </td>
              <td class="row-act">
                {!user.disabled && sure !== user.id && (
                  <>
                    <Button size="small" onClick={() => void attempt(async () => show(user.name, (await api.resetPassword(user.id)).password))}>
                      {t("admin.reset")}
                    </Button>
                    {user.role !== "admin" && (
                      <Button
                        size="small"
                        data-end-pins={user.name}
                        onClick={() => void attempt(() => api.endPins(user.id), t("admin.pins_ended", { name: user.name }))}
                      >
                        {t("admin.end_pins")}
                      </Button>
                    )}
                    {user.id !== me && (
                      <Button kind="danger" size="small" onClick={() => setSure(user.id)}>
                        {t("admin.disable")}
                      </Button>
                    )}
                  </>
                )}
                {sure === user.id && (
                  <div class="revoke-why" role="group" aria-label={t("admin.disable_sure", { name: user.name })}>
                    <Button
                      kind="danger"
                      size="small"
                      onClick={() => {
                        setSure(null);
                        void attempt(async () => {
                          await api.disableUser(user.id);
                          await read();
                        });
                      }}
                    >
                      {t("admin.disable_sure", { name: user.name })}
                    </Button>
                    <Button kind="quiet" size="small" onClick={() => setSure(null)}>
                      {t("cancel")}
                    </Button>
                  </div>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
