//! The programs that Windows has as `.cmd` or `.bat` files, which a bare name does not find.
//!
//! A name is listed where the file that its installer writes is known; that it is missing here says
//! nothing. Left out are names that are as often a real `.exe` (`playwright`, which pip installs
//! too) or another program altogether.

use std::borrow::Cow;

/// A program that is a command file on Windows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shim {
    /// The file that is installed; its stem is the bare name.
    pub file: Cow<'static, str>,
    /// What installs it.
    pub installer: &'static str,
    /// Whether it is always that file.
    pub when: When,
}

/// Whether a program is always a command file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Its makers ship nothing else.
    Always,
    /// There is an `.exe` too, from elsewhere.
    Sometimes,
    /// A project says so of a program that is not listed here.
    Configured,
}

impl Shim {
    /// A shim that a project names by its file.
    pub fn configured(file: String) -> Shim {
        Shim {
            file: Cow::Owned(file),
            installer: "",
            when: When::Configured,
        }
    }

    /// The bare name.
    pub fn name(&self) -> &str {
        let stem = self.file.rsplit_once('.');
        stem.map_or(&*self.file, |(stem, _)| stem)
    }

    /// Whether a shell script of the bare name is known to lie beside it: npm writes each of its
    /// commands three times, for POSIX shells, `cmd` and PowerShell.
    pub fn has_script(&self) -> bool {
        self.installer.starts_with("npm") || self.installer == "Node.js"
    }
}

const fn always(file: &'static str, installer: &'static str) -> Shim {
    Shim {
        file: Cow::Borrowed(file),
        installer,
        when: When::Always,
    }
}

const fn sometimes(file: &'static str, installer: &'static str) -> Shim {
    Shim {
        file: Cow::Borrowed(file),
        installer,
        when: When::Sometimes,
    }
}

/// Every known shim, in the order of the names.
pub const SHIMS: &[Shim] = &[
    always("ant.bat", "Apache Ant"),
    always("apksigner.bat", "the Android SDK"),
    always("appium.cmd", "npm"),
    always("avdmanager.bat", "the Android SDK"),
    always("az.cmd", "the Azure CLI installer"),
    always("bash-language-server.cmd", "npm"),
    always("bower.cmd", "npm"),
    always("bq.cmd", "the Google Cloud SDK"),
    always("bundle.bat", "RubyGems"),
    always("cdk.cmd", "npm"),
    sometimes("claude.cmd", "npm"),
    always("code.cmd", "Visual Studio Code"),
    always("code-insiders.cmd", "Visual Studio Code"),
    sometimes("codex.cmd", "npm"),
    always("codium.cmd", "VSCodium"),
    always("composer.bat", "Composer's installer"),
    sometimes("conda.bat", "conda's `condabin` folder"),
    sometimes("copilot.cmd", "npm"),
    always("cordova.cmd", "npm"),
    always("corepack.cmd", "Node.js"),
    always("cursor.cmd", "Cursor"),
    sometimes("dart.bat", "the Flutter SDK"),
    sometimes("electron.cmd", "npm"),
    always("elixir.bat", "Elixir"),
    always("eslint.cmd", "npm"),
    always("expo.cmd", "npm"),
    sometimes("firebase.cmd", "npm"),
    always("flutter.bat", "Flutter"),
    always("gcloud.cmd", "the Google Cloud SDK"),
    always("gem.cmd", "RubyInstaller"),
    always("gemini.cmd", "npm"),
    always("gradle.bat", "Gradle"),
    always("gradlew.bat", "the Gradle wrapper"),
    always("grunt.cmd", "npm"),
    sometimes("gsutil.cmd", "the Google Cloud SDK"),
    always("gulp.cmd", "npm"),
    always("heroku.cmd", "the Heroku CLI installer"),
    always("http-server.cmd", "npm"),
    always("iex.bat", "Elixir"),
    always("ionic.cmd", "npm"),
    always("jekyll.bat", "RubyGems"),
    always("jest.cmd", "npm"),
    always("kotlin.bat", "Kotlin"),
    always("kotlinc.bat", "Kotlin"),
    always("lerna.cmd", "npm"),
    always("lighthouse.cmd", "npm"),
    always("markdownlint.cmd", "npm"),
    always("mix.bat", "Elixir"),
    always("mmdc.cmd", "npm"),
    always("mocha.cmd", "npm"),
    always("mvn.cmd", "Apache Maven"),
    always("mvnw.cmd", "the Maven wrapper"),
    sometimes("netlify.cmd", "npm"),
    always("newman.cmd", "npm"),
    always("ng.cmd", "npm"),
    always("node-gyp.cmd", "npm"),
    always("nodemon.cmd", "npm"),
    always("npm.cmd", "Node.js"),
    always("npx.cmd", "Node.js"),
    always("nx.cmd", "npm"),
    sometimes("opencode.cmd", "npm"),
    always("pm2.cmd", "npm"),
    sometimes("pnpm.cmd", "npm or corepack"),
    always("pnpx.cmd", "npm"),
    always("prettier.cmd", "npm"),
    always("pyenv.bat", "pyenv-win"),
    always("rails.bat", "RubyGems"),
    always("rake.bat", "RubyGems"),
    always("react-native.cmd", "npm"),
    always("rimraf.cmd", "npm"),
    always("rollup.cmd", "npm"),
    always("rspec.bat", "RubyGems"),
    always("rubocop.bat", "RubyGems"),
    always("sbt.bat", "sbt"),
    always("scoop.cmd", "Scoop"),
    always("sdkmanager.bat", "the Android SDK"),
    sometimes("serverless.cmd", "npm"),
    always("stylelint.cmd", "npm"),
    sometimes("tailwindcss.cmd", "npm"),
    always("ts-node.cmd", "npm"),
    always("tsc.cmd", "npm"),
    always("tsserver.cmd", "npm"),
    always("tsx.cmd", "npm"),
    sometimes("turbo.cmd", "npm"),
    always("typescript-language-server.cmd", "npm"),
    sometimes("vercel.cmd", "npm"),
    always("vite.cmd", "npm"),
    always("vitest.cmd", "npm"),
    always("vue.cmd", "npm"),
    always("webpack.cmd", "npm"),
    always("wrangler.cmd", "npm"),
    always("yaml-language-server.cmd", "npm"),
    sometimes("yarn.cmd", "npm or corepack"),
];
